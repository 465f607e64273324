package io.galerne.chat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** SVG pictures, reduced to shapes and their paint: nothing in them acts or is fetched. */
final class SvgLogo {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final Set<String> SHAPES =
      Set.of(
          "svg",
          "g",
          "defs",
          "title",
          "desc",
          "path",
          "rect",
          "circle",
          "ellipse",
          "line",
          "polyline",
          "polygon",
          "lineargradient",
          "radialgradient",
          "stop",
          "clippath",
          "mask",
          "text",
          "tspan");
  private static final Set<String> PAINT =
      Set.of(
          "id",
          "viewbox",
          "width",
          "height",
          "x",
          "y",
          "x1",
          "x2",
          "y1",
          "y2",
          "cx",
          "cy",
          "r",
          "rx",
          "ry",
          "d",
          "points",
          "fx",
          "fy",
          "offset",
          "transform",
          "fill",
          "fill-opacity",
          "fill-rule",
          "clip-rule",
          "clip-path",
          "mask",
          "stroke",
          "stroke-width",
          "stroke-linecap",
          "stroke-linejoin",
          "stroke-miterlimit",
          "stroke-dasharray",
          "stroke-opacity",
          "opacity",
          "stop-color",
          "stop-opacity",
          "gradientunits",
          "gradienttransform",
          "spreadmethod",
          "preserveaspectratio",
          "font-family",
          "font-size",
          "font-weight",
          "text-anchor",
          "letter-spacing");

  /** Paint may name a gradient of the same picture, and nothing else. */
  private static final Pattern HARMLESS =
      Pattern.compile("(?:[^:<>&\\\\]|url\\(\\s*['\"]?#[\\w-]+['\"]?\\s*\\))*");

  private static final int DEPTH_MAX = 32;

  private SvgLogo() {}

  /**
   * @throws ChatRefusedException if it is no SVG
   */
  static byte[] cleaned(byte[] file) {
    try {
      Document document = parser().parse(new ByteArrayInputStream(file));
      Element root = document.getDocumentElement();
      if (!"svg".equals(root.getLocalName()) || !NAMESPACE.equals(root.getNamespaceURI())) {
        throw ChatRefusedException.invalid("logo", "logo.type");
      }
      clean(root, 0);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer().transform(new DOMSource(root), new StreamResult(out));
      return out.toByteArray();
    } catch (SAXException _) {
      throw ChatRefusedException.invalid("logo", "logo.type");
    } catch (IOException | ParserConfigurationException | TransformerException e) {
      throw new IllegalStateException("every Java platform reads XML from memory", e);
    }
  }

  private static void clean(Element element, int depth) {
    if (depth > DEPTH_MAX) {
      throw ChatRefusedException.invalid("logo", "logo.broken");
    }
    NamedNodeMap attributes = element.getAttributes();
    for (int i = attributes.getLength() - 1; i >= 0; i--) {
      Attr attribute = (Attr) attributes.item(i);
      boolean names = attribute.getName().equals("xmlns") && attribute.getValue().equals(NAMESPACE);
      boolean paints =
          PAINT.contains(attribute.getName().toLowerCase(Locale.ROOT))
              && HARMLESS.matcher(attribute.getValue()).matches();
      if (!names && !paints) {
        element.removeAttributeNode(attribute);
      }
    }
    Node child = element.getFirstChild();
    while (child != null) {
      Node next = child.getNextSibling();
      if (child instanceof Element inner && isShape(inner)) {
        clean(inner, depth + 1);
      } else if (child.getNodeType() != Node.TEXT_NODE) {
        element.removeChild(child);
      }
      child = next;
    }
  }

  private static boolean isShape(Element element) {
    String name = element.getLocalName();
    return NAMESPACE.equals(element.getNamespaceURI())
        && element.getPrefix() == null
        && name != null
        && SHAPES.contains(name.toLowerCase(Locale.ROOT));
  }

  private static DocumentBuilder parser() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    DocumentBuilder parser = factory.newDocumentBuilder();
    parser.setErrorHandler(new DefaultHandler()); // else it prints what is wrong
    return parser;
  }

  private static Transformer writer() throws TransformerException {
    TransformerFactory factory = TransformerFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Transformer writer = factory.newTransformer();
    writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    return writer;
  }
}
